"""What is linked into the binary, as CycloneDX 1.6, from `cargo tree` and Cargo.lock: python3 sbom.py TARGET VERSION.

The same lock gives the same bytes: no serial number, and the time is SOURCE_DATE_EPOCH.
"""

import os
import re
import subprocess
import sys
import tomllib
import warnings
from datetime import datetime, timezone

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

# C and C++ libraries that crates bring along and link in, with their licences.
BUNDLED = {
    "highs-sys": ("HiGHS", "MIT"),
    "libsqlite3-sys": ("SQLite", "blessing"),
}


def crates(target):
    """Names, versions and licences of the crates that are linked, the program's own left out."""
    tree = ["cargo", "tree", "--locked", "-p", "maillage", "-e", "normal,no-proc-macro", "--target", target]
    told = subprocess.run(tree + ["--prefix", "none", "-f", "{p}|{l}"], check=True, capture_output=True, text=True)
    found = set()
    for line in told.stdout.splitlines():
        crate, licence = line.removesuffix(" (*)").split("|")
        name, version = crate.split()[:2]
        if "(" not in crate:
            found.add((name, version.removeprefix("v"), licence.replace("/", " OR ")))
    return sorted(found)


def main(target, version):
    with open("Cargo.lock", "rb") as lock:
        sums = {(p["name"], p["version"]): p.get("checksum") for p in tomllib.load(lock)["package"]}
    bom = Bom()
    bom.serial_number = None
    when = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    bom.metadata.timestamp = datetime.fromtimestamp(when, timezone.utc)
    licences = LicenseFactory()
    bom.metadata.component = Component(
        type=ComponentType.APPLICATION,
        name="maillage",
        version=version,
        bom_ref="maillage",
        licenses=[licences.make_from_string("MIT OR Apache-2.0")],
    )
    for name, number, licence in crates(target):
        purl = PackageURL("cargo", None, name, number)
        parts = [Component(name=inner, bom_ref=f"{purl}#{inner}", licenses=[licences.make_from_string(terms)])
                 for inner, terms in [BUNDLED[name]]] if name in BUNDLED else []
        checksum = sums[name, number]
        bom.components.add(Component(
            type=ComponentType.LIBRARY,
            name=name,
            version=number,
            purl=purl,
            bom_ref=str(purl),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=checksum)] if checksum else [],
            licenses=[licences.make_from_string(licence)],
            components=parts,
        ))
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    # A serial number is random: without one the document is still valid.
    print(re.sub(r'\n "serialNumber": "[^"]*",', "", text))


if __name__ == "__main__":
    # Which crate needs which is left out, and said to be.
    warnings.filterwarnings("ignore", category=UserWarning)
    main(*sys.argv[1:])
