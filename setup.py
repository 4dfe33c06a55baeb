"""What pre-commit and prek install for the hooks in Python: nothing but the wheel of the same version.

They install the root of this repository. The wheel itself is made from `build/python`.
"""

from setuptools import setup

VERSION = "0.1.0"

setup(name="alignlint-hook", version=VERSION, packages=[], py_modules=[], install_requires=[f"alignlint=={VERSION}"])
