package dev.carillon.hub.server;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver made of one event that was sent to it: an entry for the log, or what is wrong.
 *
 * @param <E> what the log takes
 * @param entry the event; null if something is wrong with it
 * @param violations what is wrong with it; empty if nothing is
 */
record Reading<E>(@Nullable E entry, List<Violation> violations) {

  private static final int MAX_BATCH_EVENTS = 10_000;

  /** So many violations are told of a batch as a whole. */
  private static final int MAX_TOLD = 1000;

  /** Reads the event that a parser stands on. */
  interface Reader<E> {
    /**
     * Reads one event.
     *
     * @param index its place in the batch, from 0
     */
    Reading<E> read(JsonParser json, int index) throws IOException;
  }

  static <E> Reading<E> of(E entry) {
    return new Reading<>(entry, List.of());
  }

  static <E> Reading<E> wrong(List<Violation> violations) {
    return new Reading<>(null, violations);
  }

  /** The entries of those that are right. */
  static <E> List<E> entries(List<Reading<E>> readings) {
    List<E> entries = new ArrayList<>(readings.size());
    for (Reading<E> reading : readings) {
      if (reading.entry != null) {
        entries.add(reading.entry);
      }
    }
    return entries;
  }

  /** What is wrong with a batch, in its order. */
  static <E> List<Violation> violations(List<Reading<E>> readings) {
    return readings.stream()
        .flatMap(reading -> reading.violations.stream())
        .limit(MAX_TOLD)
        .toList();
  }

  /** Reads a body that is one event. */
  static <E> Reading<E> one(byte[] body, Reader<E> reader) {
    try (JsonParser json = Json.parser(body)) {
      if (json.nextToken() == null) {
        throw new BadRequestException(Problem.of(400, "the body is empty"));
      }
      Reading<E> reading = reader.read(json, 0);
      Json.requireEnd(json);
      return reading;
    } catch (IOException e) {
      throw Json.malformed(e);
    }
  }

  /** Reads a body that is an array of events. */
  static <E> List<Reading<E>> many(byte[] body, Reader<E> reader) {
    return many(body, MAX_BATCH_EVENTS, reader);
  }

  /** Reads a body that is an array of so many events at most. */
  static <E> List<Reading<E>> many(byte[] body, int maxEvents, Reader<E> reader) {
    try (JsonParser json = Json.parser(body)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        throw new BadRequestException(Problem.of(400, "the body is not a JSON array"));
      }
      List<Reading<E>> readings = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (readings.size() == maxEvents) {
          throw tooMany(maxEvents);
        }
        long start = offset(json.currentTokenLocation());
        Reading<E> reading = reader.read(json, readings.size());
        boolean tooLarge = offset(json.currentLocation()) - start > Bodies.MAX_EVENT;
        readings.add(tooLarge ? tooLarge(readings.size()) : reading);
      }
      Json.requireEnd(json);
      return readings;
    } catch (StreamConstraintsException e) {
      return eachByItself(body, maxEvents, reader, e);
    } catch (IOException e) {
      throw Json.malformed(e);
    }
  }

  /**
   * Reads a body that is an array one of whose elements goes beyond what a parser takes, such as
   * its depth, so that no other has to suffer for it.
   */
  private static <E> List<Reading<E>> eachByItself(
      byte[] body, int maxEvents, Reader<E> reader, StreamConstraintsException reason) {
    try (JsonParser json = Json.patientParser(body)) {
      json.nextToken();
      List<Reading<E>> readings = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (readings.size() == maxEvents) {
          throw tooMany(maxEvents);
        }
        int start = (int) json.currentTokenLocation().getByteOffset();
        if (start < 0) { // it is not in UTF-8
          throw reason;
        }
        json.skipChildren();
        json.finishToken(); // a string is read when it is asked for
        int end = (int) json.currentLocation().getByteOffset();
        readings.add(alone(Arrays.copyOfRange(body, start, end), readings.size(), reader));
      }
      Json.requireEnd(json);
      return readings;
    } catch (IOException e) {
      throw Json.malformed(e);
    }
  }

  private static <E> Reading<E> alone(byte[] event, int index, Reader<E> reader)
      throws IOException {
    if (event.length > Bodies.MAX_EVENT) {
      return tooLarge(index);
    }
    try (JsonParser json = Json.parser(event)) {
      json.nextToken();
      return reader.read(json, index);
    } catch (StreamConstraintsException e) {
      return wrong(List.of(new Violation("", "event " + index + ": " + Json.reason(e))));
    }
  }

  private static BadRequestException tooMany(int maxEvents) {
    return new BadRequestException(
        Problem.of(413, "the batch has more than " + maxEvents + " events"));
  }

  /** In bytes or, of text in UTF-16 and UTF-32, in characters. */
  private static long offset(JsonLocation location) {
    return Math.max(location.getByteOffset(), location.getCharOffset());
  }

  private static <E> Reading<E> tooLarge(int index) {
    String message = "event " + index + " is larger than " + Bodies.MAX_EVENT + " bytes";
    return wrong(List.of(new Violation("", message)));
  }
}
