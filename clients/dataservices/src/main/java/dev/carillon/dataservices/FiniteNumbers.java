package dev.carillon.dataservices;

import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/** Refuses NaN and the infinities, which JSON does not have and Jackson would write as strings. */
final class FiniteNumbers extends JsonGeneratorDelegate {

  FiniteNumbers(JsonGenerator json) {
    super(json, false); // false: what serializers write as objects comes by here as well
  }

  @Override
  public void writeNumber(double number) throws IOException {
    check(number);
    delegate.writeNumber(number);
  }

  @Override
  public void writeNumber(float number) throws IOException {
    check(number);
    delegate.writeNumber(number);
  }

  @Override
  public void writeArray(double[] numbers, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      check(numbers[i]);
    }
    delegate.writeArray(numbers, offset, length);
  }

  private void check(double number) throws JsonGenerationException {
    if (!Double.isFinite(number)) {
      throw new JsonGenerationException(
          getOutputContext().pathAsPointer() + " is " + number + ", which JSON cannot express",
          this);
    }
  }
}
