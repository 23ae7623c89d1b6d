"""Runs the tests of this folder against the server at FRONTDESK_TEST_SERVER.

`cargo xtask test python` starts a server with a new directory and runs this script.
The stubs are generated each time: from proto/, and from `unpackaged/`, the files
without a package that released clients contain.
"""

import sys
import tempfile
import unittest
from pathlib import Path

import grpc_tools
from grpc_tools import protoc

HERE = Path(__file__).resolve().parent
PROTO = HERE.parents[3] / "proto"
GOOGLE = Path(grpc_tools.__file__).parent / "_proto"


def generate(into: str) -> None:
    """Generates messages and stubs into the folder `into`."""
    status = protoc.main(
        [
            "protoc",
            f"--proto_path={PROTO}",
            f"--proto_path={HERE}",
            f"--proto_path={GOOGLE}",
            f"--python_out={into}",
            f"--grpc_python_out={into}",
            "greeter.proto",
            "user.proto",
            "unpackaged/greeter.proto",
            "unpackaged/user.proto",
        ]
    )
    if status != 0:
        sys.exit(f"protoc failed: {status}")


def main() -> None:
    with tempfile.TemporaryDirectory() as stubs:
        generate(stubs)
        sys.path.insert(0, stubs)
        tests = unittest.defaultTestLoader.discover(str(HERE))
        # Standard output, like the other test runners.
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(tests)
    if not result.wasSuccessful() or result.testsRun == 0:
        sys.exit(1)


main()
