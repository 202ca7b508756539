"""An existing client, as its users wrote it: the EventClient of the Data Services documents.

Publishes to the base URL given, and prints as JSON what was sent and what the server answered.
"""

import asyncio
import json
import sys
import warnings
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Callable, List, Optional

import httpx
import requests

warnings.simplefilter("ignore", DeprecationWarning)  # utcnow(), which these clients use


@dataclass
class EventMessage:
    topic: str
    subjects: List[str]
    data: Any
    tags: Optional[List[str]] = None
    created_date_utc: Optional[datetime] = None
    source_trace_ids: Optional[List[str]] = None
    organization_id: Optional[str] = None
    user_id: Optional[str] = None


class HttpClientHelper:
    HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}

    @staticmethod
    def configure_http_client(url):
        session = requests.Session()
        session.base_url = url
        session.headers.update(HttpClientHelper.HEADERS)
        return session

    @staticmethod
    def configure_http_client_with_provider(url_provider):
        return HttpClientHelper.configure_http_client(url_provider())


class EventClient:
    PATH = "/api/v2.0/EventService"

    def __init__(
        self,
        url: Optional[str] = None,
        url_provider: Optional[Callable[[], str]] = None,
        http_client: Optional[requests.Session] = None,
    ):
        if http_client is not None:
            self._http_client = http_client
        elif url is not None:
            self._http_client = HttpClientHelper.configure_http_client(url)
        elif url_provider is not None:
            self._http_client = HttpClientHelper.configure_http_client_with_provider(url_provider)
        else:
            raise ValueError("url, url_provider or http_client is required")

    def publish_event(self, event_message):
        response = self._http_client.post(self._url(), data=json.dumps(self._body(event_message)))
        response.raise_for_status()
        return response.json()

    async def publish_async(self, event_message, client):
        response = await client.post(
            self._url(), json=self._body(event_message), headers=HttpClientHelper.HEADERS
        )
        response.raise_for_status()
        return response.text

    def remove_none_values(self, d):
        return {key: value for key, value in d.items() if value is not None}

    def _url(self):
        return self._http_client.base_url.rstrip("/") + self.PATH

    def _body(self, event_message):
        body = self.remove_none_values(asdict(event_message))
        if "created_date_utc" in body:
            body["created_date_utc"] = body["created_date_utc"].isoformat()
        return body

    def __del__(self):
        if hasattr(self, "_http_client") and hasattr(self._http_client, "close"):
            self._http_client.close()


def messages():
    data = {"operator": "lab_tech_1", "temperature": 4.0, "passed": True, "note": "µ 🎉", "none": None}
    return [
        EventMessage("sample.processed", ["sample-123"], data),
        EventMessage("sample.processed", ["sample-123"], json.dumps(data)),
        EventMessage(
            "sample.processing.started",
            ["sample-123", "batch-456"],
            data,
            tags=["laboratory", "processing"],
            created_date_utc=datetime.utcnow(),
            source_trace_ids=["trace-1"],
            organization_id="org-1",
            user_id="user-1",
        ),
        EventMessage("system.started", [], {}, tags=[], created_date_utc=datetime(2023, 10, 15)),
    ]


async def publish_concurrently(client, events):
    async with httpx.AsyncClient() as async_client:
        return await asyncio.gather(*(client.publish_async(e, async_client) for e in events))


def main(url):
    with_session = requests.Session()
    with_session.base_url = url
    with_session.headers.update(HttpClientHelper.HEADERS)
    published = []
    for client in (
        EventClient(url=url + "/"),
        EventClient(url_provider=lambda: url),
        EventClient(http_client=with_session),
    ):
        for event in messages():
            published.append((client._body(event), client.publish_event(event)))
    client = EventClient(url=url)
    events = messages() * 10
    for event, answer in zip(events, asyncio.run(publish_concurrently(client, events))):
        published.append((client._body(event), json.loads(answer)))
    try:
        client.publish_event(EventMessage("", ["sample-123"], {}))
        refused = None
    except requests.exceptions.HTTPError as e:
        refused = e.response.json()
    pairs = [{"sent": sent, "answer": answer} for sent, answer in published]
    json.dump({"published": pairs, "refused": refused}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
