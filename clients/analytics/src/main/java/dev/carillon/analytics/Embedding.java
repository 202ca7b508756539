package dev.carillon.analytics;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** A vector as a list that holds no object a number. Immutable. */
final class Embedding extends AbstractList<Float> implements RandomAccess {

  static final Embedding NONE = new Embedding(new float[0]);

  private final float[] floats;

  private Embedding(float[] floats) {
    this.floats = floats;
  }

  static Embedding copyOf(float[] floats) {
    return floats.length == 0 ? NONE : new Embedding(floats.clone());
  }

  static Embedding copyOf(List<? extends Number> numbers) {
    if (numbers instanceof Embedding embedding) {
      return embedding;
    }
    float[] floats = new float[numbers.size()];
    int i = 0;
    for (Number number : numbers) {
      floats[i++] = number.floatValue();
    }
    return floats.length == 0 ? NONE : new Embedding(floats);
  }

  @Override
  public Float get(int index) {
    return floats[index];
  }

  @Override
  public int size() {
    return floats.length;
  }
}
