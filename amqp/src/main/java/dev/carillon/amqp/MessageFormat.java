package dev.carillon.amqp;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.format.EventFormat;

/** How an event becomes a message. Thread-safe. {@link MessageReader} reads all of them. */
public interface MessageFormat {

  /**
   * What the names of headers begin with that carry CloudEvents' attributes beside the JSON
   * envelope.
   */
  String HEADER_PREFIX = "ce-";

  /** The CloudEvents extension that the JSON envelope has as {@code organization_id}. */
  String ORGANIZATION = "organizationid";

  /** The content type of the JSON envelope, and of its data. */
  String JSON_CONTENT_TYPE = "application/json";

  /** The delivery mode of messages that a durable queue keeps when the broker restarts. */
  int PERSISTENT = 2;

  /** The topic exchange of the services around RabbitMQ, where nobody names another. */
  String EVENTS_EXCHANGE = "fitviz.events";

  /**
   * The message of an event: persistent, with the event's id, type and time as its properties.
   *
   * @throws dev.carillon.core.EventValidationException if the event does not fit the format
   */
  AmqpMessage write(CloudEvent event);

  /**
   * JSON as the services around RabbitMQ have always sent it, content type {@code
   * application/json}: {@code event_id, event_type, organization_id, timestamp, data}. The data
   * must be JSON. What CloudEvents has beyond that goes into headers that begin with {@code ce-}.
   */
  static MessageFormat json() {
    return new EnvelopeFormat();
  }

  /**
   * CloudEvents 1.0 in the binary mode of its AMQP binding: the data is the body, attributes are
   * headers that begin with {@code cloudEvents:}.
   */
  static MessageFormat binary() {
    return new BinaryFormat();
  }

  /** CloudEvents 1.0 in structured mode: the whole event is the body, in this format. */
  static MessageFormat structured(EventFormat format) {
    return new StructuredFormat(format);
  }
}
