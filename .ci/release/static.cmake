# For a static binary HiGHS must not put its extras into a shared library: `-static` and `-shared` do not go together.
set(BUILD_SHARED_EXTRAS_LIB OFF CACHE BOOL "" FORCE)
