"""An existing client, as its users wrote it: the Event Analytics SDK, with Python's urllib only.

Runs the documents' quick start, full example and error handling against the base URL given, and
prints as JSON what came of it.
"""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Dict, List, Optional


class EventSDKError(Exception):
    def __init__(self, message: str, status_code: Optional[int] = None, body: Optional[str] = None):
        super().__init__(message)
        self.status_code = status_code
        self.body = body


class EventNotFoundError(EventSDKError):
    pass


class EventValidationError(EventSDKError):
    pass


class EventClient:
    def __init__(self, base_url="http://localhost:8080", timeout=30.0, max_retries=3, retry_delay=1.0):
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._max_retries = max_retries
        self._retry_delay = retry_delay

    def track_event(
        self,
        conversation_id: str,
        event_name: str,
        error: str = "",
        latency: float = 0.0,
        input: str = "",
        input_embeddings: Optional[List[float]] = None,
        output: str = "",
        output_embeddings: Optional[List[float]] = None,
        conversation_metadata: str = "",
    ) -> str:
        payload = {
            "conversation_id": conversation_id,
            "event_name": event_name,
            "error": error,
            "latency": latency,
            "input": input,
            "input_embeddings": input_embeddings or [],
            "output": output,
            "output_embeddings": output_embeddings or [],
            "conversation_metadata": conversation_metadata,
        }
        return self._request("POST", "/event/", payload)["data"]["id"]

    def update_event(self, event_id: str, **fields: Any) -> Dict[str, Any]:
        payload = {name: value for name, value in fields.items() if value is not None}
        return self._request("PUT", f"/event/{event_id}", payload)

    def delete_event(self, event_id: str) -> Dict[str, Any]:
        return self._request("DELETE", f"/event/{event_id}")

    def get_event(self, event_id: str) -> Optional[Dict[str, Any]]:
        try:
            return self._request("GET", f"/event/{event_id}").get("data")
        except EventNotFoundError:
            return None

    def get_events_by_conversation(self, conversation_id: str) -> List[Dict[str, Any]]:
        path = f"/events/conversation/{urllib.parse.quote(conversation_id, safe='')}"
        return self._request("GET", path).get("data") or []

    def get_error_counts(self, event_name: str, days: int = 7) -> List[Dict[str, Any]]:
        return self._query("/analytics/errors", event_name=event_name, days=days)

    def get_latency_stats(self, limit: int = 100) -> List[Dict[str, Any]]:
        return self._query("/analytics/latency", limit=limit)

    def get_top_error_sessions(self, limit: int = 100) -> List[Dict[str, Any]]:
        return self._query("/analytics/sessions/top-errors", limit=limit)

    def health_check(self) -> bool:
        try:
            return self._request("GET", "/health").get("success", False)
        except EventSDKError:
            return False

    def wait_until_ready(self, timeout: float = 60.0, interval: float = 2.0) -> bool:
        deadline = time.time() + timeout
        while time.time() < deadline:
            if self.health_check():
                return True
            time.sleep(interval)
        return False

    def _query(self, path, **parameters):
        query = urllib.parse.urlencode(parameters)
        return self._request("GET", f"{path}?{query}").get("data") or []

    def _request(self, method, path, payload=None):
        data = json.dumps(payload).encode("utf-8") if payload is not None else None
        last = None
        for attempt in range(self._max_retries):
            request = urllib.request.Request(
                self._base_url + path,
                data=data,
                method=method,
                headers={"Content-Type": "application/json", "Accept": "application/json"},
            )
            try:
                with urllib.request.urlopen(request, timeout=self._timeout) as response:
                    return json.loads(response.read().decode("utf-8"))
            except urllib.error.HTTPError as e:
                body = e.read().decode("utf-8", errors="replace")
                try:
                    message = json.loads(body).get("error", body)
                except ValueError:
                    message = body
                if e.code == 404:
                    raise EventNotFoundError(message, 404, body)
                if e.code == 400:
                    raise EventValidationError(message, 400, body)
                last = EventSDKError(message, e.code, body)
                if e.code < 500:
                    raise last
            except (urllib.error.URLError, OSError) as e:
                last = EventSDKError(f"connection failed: {e}")
            time.sleep(self._retry_delay * (2**attempt))
        raise last


def full_example(client):
    client.wait_until_ready(timeout=30)
    conv_id = "conversation_demo_001"
    e1 = client.track_event(
        conversation_id=conv_id,
        event_name="event_a",
        input="Tell me about Python.",
        output="Python is a versatile programming language...",
        latency=230.0,
        conversation_metadata=json.dumps({"user_id": "u_42", "channel": "web"}),
    )
    e2 = client.track_event(
        conversation_id=conv_id,
        event_name="event_b",
        input="What about async support?",
        output="Python supports async/await since version 3.5...",
        latency=180.0,
    )
    e3 = client.track_event(
        conversation_id=conv_id,
        event_name="event_c",
        input="Show me an example",
        error="context_length_exceeded",
        latency=5200.0,
    )
    events = client.get_events_by_conversation(conv_id)
    errors = client.get_error_counts("event_c", days=1)
    client.update_event(e3, error="", output="Here's an async example...", latency=350.0)
    return {"ids": [e1, e2, e3], "events": events, "errors": errors, "fixed": client.get_event(e3)}


def refusals(client):
    told = {}
    try:
        client.track_event(conversation_id="conv_1", event_name="invalid_name")
    except EventValidationError as e:
        told["validation"] = [str(e), e.status_code]
    try:
        client._request("GET", "/event/00000000-0000-4000-8000-000000000000")
    except EventNotFoundError as e:
        told["not_found"] = [str(e), e.status_code]
    return told


def main(url):
    client = EventClient(url + "/", retry_delay=0.1)
    told = {"healthy": client.health_check(), "example": full_example(client)}
    everything = client.track_event(
        conversation_id="conv µ/ü?",
        event_name="event_a",
        error="e",
        latency=142.5,
        input="user query 🎉",
        input_embeddings=[0.1, 0.2, -1e-7],
        output="bot response\n75°F",
        output_embeddings=[0.3, 0.4],
        conversation_metadata='{"k":"v"}',
    )
    told["everything"] = client.get_events_by_conversation("conv µ/ü?")
    told["latency"] = client.get_latency_stats(limit=50)
    told["worst"] = client.get_top_error_sessions(limit=10)
    told["deleted"] = client.delete_event(everything)
    told["after"] = client.get_event(everything)
    told["refusals"] = refusals(client)
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
