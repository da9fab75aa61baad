"""The request parser: httptools, in C, where it is installed, with the size limit that uvicorn has for its own parser only."""

from __future__ import annotations

MAX_BESIDE_BODY = 65_536  # bytes of headers, chunk sizes and trailers of a request; as in uvicorn's own parser

try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:
    PROTOCOL: type | str = "h11"
else:

    class BoundedProtocol(HttpToolsProtocol):
        """A connection. Without the bound one client could fill the memory with a header that does not end."""

        _beside_body = 0

        def data_received(self, data: bytes) -> None:
            self._beside_body += len(data)
            super().data_received(data)
            if self._beside_body <= MAX_BESIDE_BODY or self.transport.is_closing():
                return
            if self.cycle is None or self.cycle.response_complete:
                self.send_400_response(f"expected at most {MAX_BESIDE_BODY} bytes of headers, found more")
            else:  # an answer is under way, of which this would become a part
                self.transport.close()

        def on_body(self, body: bytes) -> None:
            self._beside_body -= len(body)
            super().on_body(body)

        def on_message_complete(self) -> None:
            self._beside_body = 0
            super().on_message_complete()

    PROTOCOL = BoundedProtocol
