package dev.carillon.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One run of a benchmark: its length, its folder, and how it tells what it found.
 *
 * @param bench its name
 * @param quick whether rounds are short
 * @param folder a folder that is deleted afterwards
 */
record Run(String bench, boolean quick, Path folder) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Measures once, and returns a figure. */
  interface Measurement {
    double once() throws Exception;
  }

  /** Whether a larger figure is better. */
  enum Better {
    MORE,
    LESS
  }

  int rounds() {
    return quick ? 2 : 5;
  }

  int seconds() {
    return quick ? 3 : 10;
  }

  /**
   * Measures ours and the peer in turn, passes over the first round, and prints the medians and the
   * median of the rounds' ratios.
   */
  void interleave(String what, String unit, Measurement ours, Measurement peer) throws Exception {
    interleave(what, unit, ours, peer, Better.MORE);
  }

  /** Like {@link #interleave}, where the smaller figure is the better one. */
  void interleaveLess(String what, String unit, Measurement ours, Measurement peer)
      throws Exception {
    interleave(what, unit, ours, peer, Better.LESS);
  }

  private void interleave(
      String what, String unit, Measurement ours, Measurement peer, Better better)
      throws Exception {
    List<Double> our = new ArrayList<>();
    List<Double> their = new ArrayList<>();
    for (int round = 0; round <= rounds(); round++) {
      double theirFigure = peer.once();
      double ourFigure = ours.once();
      note("%s, round %d: ours %.2f, peer %.2f %s", what, round, ourFigure, theirFigure, unit);
      if (round > 0) {
        our.add(ourFigure);
        their.add(theirFigure);
      }
    }
    double[] ratios = new double[our.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = better == Better.MORE ? our.get(i) / their.get(i) : their.get(i) / our.get(i);
    }
    print(what, median(our), median(their), median(ratios), unit);
  }

  /** Prints one comparison of two figures. */
  void compare(String what, double ours, double peer, String unit, Better better) {
    print(what, ours, peer, better == Better.MORE ? ours / peer : peer / ours, unit);
  }

  void note(String format, Object... arguments) {
    System.err.println(String.format(Locale.ROOT, format, arguments));
  }

  private void print(String what, double ours, double peer, double ratio, String unit) {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("bench", bench).put("case", what);
    line.put("ours", rounded(ours)).put("peer", rounded(peer));
    line.put("ratio", Math.round(ratio * 1000) / 1000.0).put("unit", unit);
    System.out.println(line);
  }

  private static double rounded(double figure) {
    return figure >= 1000 ? Math.round(figure) : Math.round(figure * 100) / 100.0;
  }

  static double median(List<Double> figures) {
    return median(figures.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static double median(double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
