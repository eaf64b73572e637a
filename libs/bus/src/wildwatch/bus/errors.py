"""What can go wrong with the broker. The type answers the one question: try again, or give up?"""

from __future__ import annotations

import nats.errors
import nats.js.errors


class BusError(Exception):
    """Base of this package's errors."""


class RetryableError(BusError):
    """Nothing was stored, or it is not known; the same call may work later."""


class StreamFullError(RetryableError):
    """The stream refuses rather than forgets: its bytes or its disk are used up."""


class BrokerUnavailableError(RetryableError):
    """No connection, no answer in time, or JetStream is not ready."""


class NotFitError(BusError):
    """The server or what is on it is not what Wildwatch needs; a person must act. The text says how."""


CLIENT_ERRORS = (OSError, TimeoutError, nats.errors.Error, nats.js.errors.Error, RuntimeError)
"""What nats-py raises when the broker is away, slow or refuses. RuntimeError is uvloop's for a connection
that was closed a moment ago, which nats-py lets through."""
