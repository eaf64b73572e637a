"""What can go wrong with the broker. The type answers the one question: try again, or give up?"""

from __future__ import annotations


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
