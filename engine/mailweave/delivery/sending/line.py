"""A connection that is kept for several mails, and renewed."""

from __future__ import annotations

from mailweave.delivery.sending.answers import Route, Session


class Line:
    """A connection that is renewed when it has carried enough, or has ended."""

    def __init__(self, route: Route, most: int) -> None:
        self._route, self._most = route, most
        self._session: Session | None = None
        self._carried = 0
        self.failures, self.since = 0, 0  # in a row; how many answers anybody had before the first of them

    async def session(self) -> Session:
        """One that is open. Raises Lost and Turned."""
        if self._session is not None and (self._carried >= self._most or not self._session.is_open):
            await self.close()
        if self._session is None:
            self._session, self._carried = await self._route.open(), 0
        self._carried += 1
        return self._session

    async def close(self) -> None:
        """Ends the connection, if there is one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
