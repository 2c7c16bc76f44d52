"""What the tests of this folder share: an event loop of their own."""

from __future__ import annotations

from tests.delivery.conftest import _no_running_loop as _no_running_loop
