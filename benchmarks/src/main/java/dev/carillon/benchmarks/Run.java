package dev.carillon.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One run of a benchmark: its length, its folder, and how it tells what it found.
 *
 * @param bench its name
 * @param quick whether rounds are short
 * @param folder a folder that is deleted afterwards
 * @param warmUp how many rounds come before those that count
 */
record Run(String bench, boolean quick, Path folder, int warmUp) {

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

  /** The same run, with so many rounds before those that count. */
  Run warmingUp(int rounds) {
    return new Run(bench, quick, folder, rounds);
  }

  /** What was measured in the rounds that count. */
  List<Double> counted(List<Double> figures) {
    return figures.subList(warmUp, figures.size());
  }

  /**
   * Measures ours and the peer in turn, in rounds that warm up and rounds that count, and prints
   * the medians and the median of the rounds' ratios.
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
    List<Double> ratios = new ArrayList<>();
    for (int round = 1; round <= warmUp + rounds(); round++) {
      double theirFigure = peer.once();
      double ourFigure = ours.once();
      String warming = round <= warmUp ? " (warming up)" : "";
      note(
          "%s, round %d%s: ours %.2f, peer %.2f %s",
          what, round, warming, ourFigure, theirFigure, unit);
      our.add(ourFigure);
      their.add(theirFigure);
      ratios.add(better == Better.MORE ? ourFigure / theirFigure : theirFigure / ourFigure);
    }
    print(what, median(counted(our)), median(counted(their)), median(counted(ratios)), unit);
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
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
