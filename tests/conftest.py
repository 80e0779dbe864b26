"""What holds for all tests, wherever they run."""

import signal

from hypothesis import HealthCheck, settings

# Made-up cases may take as long as they need, for other work shares the machine.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# Who starts the tests in the background may let them ignore this signal, and then all that they start ignores it too.
signal.signal(signal.SIGINT, signal.default_int_handler)
