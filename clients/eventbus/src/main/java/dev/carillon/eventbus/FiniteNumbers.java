package dev.carillon.eventbus;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import dev.carillon.core.EventValidationException;
import java.io.IOException;

/** Refuses NaN and the infinities, which JSON does not have and Jackson would write as strings. */
final class FiniteNumbers extends JsonGeneratorDelegate {

  private final String root;

  /**
   * Watches over a generator.
   *
   * @param root what the whole value is called
   */
  FiniteNumbers(JsonGenerator json, String root) {
    super(json, false); // false: what serializers write as objects comes by here as well
    this.root = root;
  }

  @Override
  public void writeNumber(double number) throws IOException {
    delegate.writeNumber(number); // first, so that the context is at this number
    check(number);
  }

  @Override
  public void writeNumber(float number) throws IOException {
    delegate.writeNumber(number);
    check(number);
  }

  @Override
  public void writeArray(double[] numbers, int offset, int length) throws IOException {
    writeStartArray(numbers, length);
    for (int i = offset; i < offset + length; i++) {
      writeNumber(numbers[i]);
    }
    writeEndArray();
  }

  private void check(double number) {
    if (!Double.isFinite(number)) {
      throw new EventValidationException(
          place(getOutputContext()), "is " + number + ", which JSON cannot express");
    }
  }

  /** As a caller would write it: {@code data.items[2].price}. */
  private String place(JsonStreamContext at) {
    if (at.inRoot()) {
      return root;
    }
    String step = at.inArray() ? "[" + at.getCurrentIndex() + "]" : "." + at.getCurrentName();
    return place(at.getParent()) + step;
  }
}
