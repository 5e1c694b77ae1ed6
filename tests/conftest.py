"""What holds for every test of the repository."""

import signal

pytest_plugins = ["verdict.seed"]

# A shell that starts the tests in the background has them ignore SIGINT, and every process that they start inherits
# that: none of them could be stopped as Ctrl-C does it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
