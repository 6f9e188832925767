#!/bin/sh
# What is released, in out/dist: a static binary with completions and manual, a Debian package, the list of what is in them
# (CycloneDX) and checksums. Run by `./dev release` from the top folder. Made so that the same sources, compiler and
# libraries give the same bytes wherever they stand: paths are taken out of the binary, and all dates are that of the commit.
set -eu

target=x86_64-unknown-linux-gnu
dist=out/dist
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name=maillage-$version-x86_64-linux
build=${CARGO_TARGET_DIR:-$PWD/target}/dist

export LC_ALL=C TZ=UTC
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)
fi
if [ -z "${MAILLAGE_COMMIT:-}" ] && MAILLAGE_COMMIT=$(git rev-parse --short=12 HEAD 2>/dev/null); then
    [ -z "$(git status --porcelain)" ] || MAILLAGE_COMMIT=$MAILLAGE_COMMIT+
fi
export SOURCE_DATE_EPOCH MAILLAGE_COMMIT="${MAILLAGE_COMMIT:-unknown}"

# ---- The binary. With --target the flags are for it alone: build scripts load libclang, which a static program cannot.

home=${CARGO_HOME:-$HOME/.cargo}
rust=$(rustc --print sysroot)
map="-ffile-prefix-map=$build=/build -ffile-prefix-map=$PWD=/maillage -ffile-prefix-map=$home=/cargo"
export CFLAGS="$map" CXXFLAGS="$map"
export RUSTFLAGS="-C target-feature=+crt-static --remap-path-prefix=$PWD=/maillage --remap-path-prefix=$home=/cargo \
--remap-path-prefix=$rust=/rust --remap-path-prefix=$build=/build -C link-arg=-lhighs_extras"
export CMAKE_TOOLCHAIN_FILE="$PWD/.ci/release/static.cmake"
export CARGO_PROFILE_RELEASE_DEBUG=false CARGO_PROFILE_RELEASE_STRIP=symbols
cargo build --release --locked --target $target --target-dir "$build" -p maillage
binary=$build/$target/release/maillage

# ---- The tree.

rm -rf "$dist"
mkdir -p "$dist"
tree=$dist/$name
mkdir -p "$tree/completions" "$tree/man"
cp "$binary" "$tree/maillage"
"$binary" man "$tree/man"
for shell in bash zsh fish; do
    "$binary" completions $shell >"$tree/completions/maillage.$shell"
done
cp README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$tree/"
.tools/release-sbom/bin/python .ci/release/sbom.py "$target" "$version" >"$dist/$name.cdx.json"
cp "$dist/$name.cdx.json" "$tree/sbom.cdx.json"

# ---- The Debian package.

deb=$dist/deb
share=$deb/usr/share
mkdir -p "$deb/DEBIAN" "$deb/usr/bin" "$share/man/man1" "$share/doc/maillage" \
    "$share/bash-completion/completions" "$share/zsh/vendor-completions" "$share/fish/vendor_completions.d"
cp "$tree/maillage" "$deb/usr/bin/"
cp "$tree"/man/*.1 "$share/man/man1/"
cp CHANGELOG.md "$share/doc/maillage/changelog"
cp "$tree/sbom.cdx.json" "$share/doc/maillage/"
gzip -9n "$share"/man/man1/*.1 "$share/doc/maillage/changelog"
{
    echo "maillage, under MIT or Apache-2.0 at your choice. Crates linked in, with their licences: sbom.cdx.json."
    echo
    cat LICENSE-MIT
    echo
    echo "The Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0."
} >"$share/doc/maillage/copyright"
cp "$tree/completions/maillage.bash" "$share/bash-completion/completions/maillage"
cp "$tree/completions/maillage.zsh" "$share/zsh/vendor-completions/_maillage"
cp "$tree/completions/maillage.fish" "$share/fish/vendor_completions.d/maillage.fish"
cat >"$deb/DEBIAN/control" <<END
Package: maillage
Version: $version
Architecture: amd64
Maintainer: maillage contributors <maillage@maillage.invalid>
Section: science
Priority: optional
Installed-Size: $(find "$deb/usr" -type f -printf '%s\n' | awk '{ kib += int(($1 + 1023) / 1024) } END { print kib }')
Description: where health centres go, who staffs them, and who pays
 Reads a territory and a scenario, finds the best plan and says by how much any
 other could beat it. A checker recomputes every result without a solver.
END
find "$deb" -type d -exec chmod 755 {} + && find "$deb" -type f -exec chmod 644 {} + && chmod 755 "$deb/usr/bin/maillage"
dpkg-deb --root-owner-group -Zxz --build "$deb" "$dist/maillage_${version}_amd64.deb" >/dev/null
rm -r "$deb"

# ---- The archive, and checksums.

tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=u+rw,go=u-w -C "$dist" -c "$name" |
    gzip -9n >"$dist/$name.tar.gz"
rm -r "$tree"
cp "$binary" "$dist/maillage"
(cd "$dist" && sha256sum -- * >SHA256SUMS)
cat "$dist/SHA256SUMS"
