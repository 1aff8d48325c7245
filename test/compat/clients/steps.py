"""What the Python clients' scenarios share: where Tocsin is, and steps that say what they saw."""

import os
import sys

HTTP = os.environ["COMPAT_HTTP"]
HTTPS = os.environ["COMPAT_HTTPS"]
CA = os.environ["COMPAT_CA"]
TOKEN = os.environ["COMPAT_TOKEN"]
QUICK = os.environ["COMPAT_QUICK"] == "1"


def step(name, call):
    """Makes a call and prints what came of it. In the quick run the first one is all."""
    seen = call()
    print(f"{name}: {' '.join(str(seen).split())[:160]}", flush=True)
    if QUICK:
        sys.exit(0)
    return seen


def wanted(found, what):
    if not found:
        sys.exit(f"not as wanted: {what}")
