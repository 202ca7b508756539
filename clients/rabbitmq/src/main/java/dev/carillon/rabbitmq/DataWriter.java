package dev.carillon.rabbitmq;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.core.EventValidationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Writes events' data as JSON: dates as ISO 8601, maps as they are, and objects of classes wherever
 * they stand as {@link dev.carillon.schemas.SchemaRegistry#toData} does, in snake_case and without
 * nulls; nothing that JSON cannot hold. Thread-safe.
 */
final class DataWriter {

  /** Deep enough for anybody, and half of what readers of JSON commonly stop at. */
  private static final int MAX_DEPTH = 500;

  private static final int LONGEST_PATH = 20;

  /** Threads that write at the same moment seldom want the same one. */
  private static final int DESKS = 4 * Runtime.getRuntime().availableProcessors();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .rootValueSeparator((String) null)
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private final int limit;
  private final AtomicReferenceArray<@Nullable Desk> desks = new AtomicReferenceArray<>(DESKS);

  DataWriter(int limit) {
    this.limit = limit;
  }

  /** A generator and what it writes to: making them costs more than writing a small event. */
  private static final class Desk {
    private final BoundedBytes out;
    private final JsonGenerator json;
    private final int features;

    private Desk(int limit) {
      out = new BoundedBytes(limit);
      try {
        json = new FiniteNumbers(MAPPER.createGenerator(out));
        features = json.getFeatureMask();
      } catch (IOException e) {
        throw new UncheckedIOException(e); // nothing is written yet
      }
    }

    /** Whether no serializer of a user's has left it otherwise than it was. */
    private boolean isClean() {
      return !json.isClosed()
          && json.getOutputContext().inRoot()
          && json.getFeatureMask() == features
          && json.getCodec() == MAPPER
          && json.getPrettyPrinter() == null
          && json.getCharacterEscapes() == null
          && json.getHighestEscapedChar() == 0;
    }

    /** How far it has written. */
    private int position() {
      return out.size() + json.getOutputBuffered();
    }
  }

  /** Writes what stands before the data; its object is ended for it. */
  interface Head {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * A body, and where in it the data is.
   *
   * @param body not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // bodies are not compared, and a copy costs each event
  record Body(byte[] body, int from, int to) {
    byte[] data() {
      return Arrays.copyOfRange(body, from, to);
    }
  }

  /**
   * The JSON object of an event's data.
   *
   * @throws EventValidationException naming the field that cannot be written
   */
  byte[] write(@Nullable Object data) {
    return write(null, data).body;
  }

  /** The same at the end of a larger object. */
  Body write(@Nullable Head head, @Nullable Object data) {
    if (data == null) {
      throw new EventValidationException("data", "is missing");
    }
    int place = (int) (Thread.currentThread().getId() % DESKS);
    Desk free = desks.getAndSet(place, null);
    Desk desk = free == null ? new Desk(limit) : free;
    Body written = write(desk, head, data); // one that fails midway is not used again
    if (desk.isClean()) {
      desks.set(place, desk);
    }
    return written;
  }

  private Body write(Desk desk, @Nullable Head head, Object data) {
    JsonGenerator json = desk.json;
    try {
      int from = 0;
      if (head != null) {
        head.write(json);
        from = desk.position() + 1; // a colon comes first
      }
      MAPPER.writeValue(json, data);
      int to = desk.position();
      if (head != null) {
        json.writeEndObject();
      }
      json.flush();
      Body written = new Body(desk.out.take(), from, to);
      if (from == to || written.body[from] != '{' || !json.getOutputContext().inRoot()) {
        throw new EventValidationException("data", "is not an object");
      }
      return written;
    } catch (EventValidationException e) {
      throw e;
    } catch (BoundedBytes.LimitReachedException e) {
      throw new EventValidationException("data", "has more than " + limit + " bytes");
    } catch (StackOverflowError e) {
      throw new EventValidationException("data", "is nested too deeply or holds itself");
    } catch (JsonMappingException e) {
      throw new EventValidationException(path(e), reason(e));
    } catch (IOException | RuntimeException e) {
      throw new EventValidationException("data", "cannot be written as JSON: " + e.getMessage());
    }
  }

  private static String reason(JsonMappingException e) {
    return e.getPath().size() > LONGEST_PATH
        ? "is nested more than " + MAX_DEPTH + " levels deep or holds itself"
        : "cannot be written as JSON: " + e.getOriginalMessage();
  }

  /** The place in the data, as a caller would write it: {@code data.items[2].price}. */
  private static String path(JsonMappingException e) {
    List<JsonMappingException.Reference> path = e.getPath();
    StringBuilder place = new StringBuilder("data");
    if (path.size() <= LONGEST_PATH) {
      for (JsonMappingException.Reference step : path) {
        if (step.getFieldName() != null) {
          place.append('.').append(step.getFieldName());
        } else {
          place.append('[').append(step.getIndex()).append(']');
        }
      }
    }
    return place.toString();
  }
}
