"""Publishes to Event Grid topics with Azure's own SDK for Python, unchanged.

Arguments: topic over HTTPS, its certificate, topic over HTTP, key.
"""
import datetime
import sys

from azure.core.credentials import AzureKeyCredential, AzureSasCredential
from azure.core.exceptions import ClientAuthenticationError
from azure.core.messaging import CloudEvent
from azure.eventgrid import EventGridEvent, EventGridPublisherClient, generate_sas

https, certificate, http, key = sys.argv[1:]


def event(number):
    return EventGridEvent(
        id=f"eg-{number}",
        subject=f"users/{number}",
        event_type="user.created",
        data={"number": number},
        data_version="1.0",
    )


def cloud_event(number):
    return CloudEvent(
        id=f"ce-{number}",
        source="/python",
        type="user.created",
        subject=f"users/{number}",
        data={"number": number},
    )


def publish(client, first):
    client.send(event(first))
    client.send([event(first + 1), event(first + 2)])
    client.send(cloud_event(first))
    client.send([cloud_event(first + 1), cloud_event(first + 2)])


publish(
    EventGridPublisherClient(https, AzureKeyCredential(key), connection_verify=certificate), 0
)
until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
publish(EventGridPublisherClient(http, AzureSasCredential(generate_sas(http, key, until))), 10)

over = until - datetime.timedelta(hours=2)
for client in (
    EventGridPublisherClient(http, AzureSasCredential(generate_sas(http, key, over))),
    EventGridPublisherClient(https, AzureKeyCredential("d3Jvbmc="), connection_verify=certificate),
):
    try:
        client.send(event(99))
        sys.exit("a wrong credential was taken")
    except ClientAuthenticationError as refused:
        assert refused.status_code == 401, refused
