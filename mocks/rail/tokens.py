"""Access tokens by client credentials (OAuth 2.0, RFC 6749 section 4.4)."""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, Response, jsonify, request

from mocks.pace import Pace

TOKEN_PATH = "/oauth/token"
LIFE = 600  # seconds; a token's life is counted on the wall clock, whatever the pace


class TokenOffice:
    """Issues tokens that carry their own end under a seal, so that nothing has to be remembered of them."""

    def __init__(self, pace: Pace, client_id: str, client_secret: str) -> None:
        self._pace = pace
        self._client = (client_id, client_secret)
        self._key = secrets.token_bytes(32)

    def may_enter(self) -> bool:
        given = request.authorization
        if request.path == TOKEN_PATH:
            return True
        return given is not None and given.type == "bearer" and self._is_valid(given.token or "")

    def answer(self) -> Response:
        """Refusals are worded as RFC 6749 section 5.2 has them."""
        if not self._knows_the_client():
            return _refusal("invalid_client", 401)
        grant = request.form.get("grant_type")
        if grant != "client_credentials":
            return _refusal("unsupported_grant_type" if grant else "invalid_request", 400)
        response = jsonify({"access_token": self._issue(), "token_type": "Bearer", "expires_in": LIFE})
        response.headers["Cache-Control"] = "no-store"
        return response

    def _knows_the_client(self) -> bool:
        basic = request.authorization
        if basic is not None and basic.type == "basic":
            return (basic.username, basic.password) == self._client
        return (request.form.get("client_id"), request.form.get("client_secret")) == self._client

    def _issue(self) -> str:
        bare = f"{int(self._pace.now().timestamp()) + LIFE}.{secrets.token_hex(8)}"
        return f"{bare}.{self._seal(bare)}"

    def _is_valid(self, token: str) -> bool:
        bare, _, seal = token.rpartition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(bare).encode()):
            return False
        return self._pace.now().timestamp() < int(bare.partition(".")[0])

    def _seal(self, bare: str) -> str:
        return hmac.new(self._key, bare.encode(), "sha256").hexdigest()


def issue_tokens(app: Flask, tokens: TokenOffice) -> None:
    @app.post(TOKEN_PATH)
    def issue_token() -> Response:
        return tokens.answer()


def _refusal(error: str, status: int) -> Response:
    response = jsonify(error=error)
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="rail"'
    return response
