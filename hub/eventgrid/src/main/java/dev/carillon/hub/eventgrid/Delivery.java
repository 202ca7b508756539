package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to one subscriber.
 *
 * @param position its place in the log
 * @param event the JSON that is sent, written once
 * @param publishTime when delivery began
 * @param deliveryAttempts how often it was tried
 * @param nextAttempt when to try again; null for now
 * @param lastDeliveryAttemptTime when it was tried last; null if never
 * @param lastDeliveryOutcome what came of that, in Azure's words
 * @param lastHttpStatusCode the webhook's answer; 0 for none
 * @param deadLetterReason why it is tried no more; null while it is
 */
record Delivery(
    long position,
    @JsonRawValue @JsonDeserialize(using = AsText.class) String event,
    Instant publishTime,
    int deliveryAttempts,
    @Nullable Instant nextAttempt,
    @Nullable Instant lastDeliveryAttemptTime,
    @Nullable String lastDeliveryOutcome,
    int lastHttpStatusCode,
    @Nullable String deadLetterReason) {

  static Delivery fresh(long position, String event, Instant now) {
    return new Delivery(position, event, now, 0, null, null, null, 0, null);
  }

  /** A member of the event; a text that stands for none where it has none. */
  String member(String name, String ifAbsent) {
    try (JsonParser json = EventGridFile.MAPPER.createParser(event)) {
      return member(json, name, ifAbsent);
    } catch (IOException e) {
      throw new UncheckedIOException("was written as JSON", e);
    }
  }

  /** A text of an object; reads no other member, which may be large or a number out of range. */
  static String member(JsonParser json, String name, String ifAbsent) throws IOException {
    json.nextToken();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = json.currentName().equals(name);
      if (json.nextToken() == JsonToken.VALUE_STRING && found) {
        return json.getText();
      }
      json.skipChildren();
    }
    return ifAbsent;
  }

  /** How many bytes of a request it takes. */
  int bytes() {
    return ByteBufUtil.utf8Bytes(event);
  }

  /** This delivery after an attempt that failed. */
  Delivery failed(Instant at, WebhookAnswer answer) {
    return new Delivery(
        position,
        event,
        publishTime,
        deliveryAttempts + 1,
        null,
        at,
        answer.outcome(),
        answer.status(),
        null);
  }

  Delivery again(Instant next) {
    return new Delivery(
        position,
        event,
        publishTime,
        deliveryAttempts,
        next,
        lastDeliveryAttemptTime,
        lastDeliveryOutcome,
        lastHttpStatusCode,
        null);
  }

  Delivery dead(String reason) {
    return new Delivery(
        position,
        event,
        publishTime,
        deliveryAttempts,
        null,
        lastDeliveryAttemptTime,
        lastDeliveryOutcome,
        lastHttpStatusCode,
        reason);
  }

  /** Takes a JSON value as the text that it is, with numbers that nothing else could hold. */
  static final class AsText extends JsonDeserializer<String> {
    @Override
    public String deserialize(JsonParser json, DeserializationContext context) throws IOException {
      StringWriter text = new StringWriter();
      try (JsonGenerator copy = json.getCodec().getFactory().createGenerator(text)) {
        int depth = 0;
        do {
          JsonToken token = json.currentToken();
          depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
          if (token.isNumeric()) {
            copy.writeNumber(json.getText());
          } else {
            copy.copyCurrentEvent(json);
          }
        } while (depth > 0 && json.nextToken() != null);
      }
      return text.toString();
    }
  }
}
