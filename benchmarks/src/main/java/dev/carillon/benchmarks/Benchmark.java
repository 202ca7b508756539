package dev.carillon.benchmarks;

/** Something to be measured beside its peer. */
interface Benchmark {
  void run(Run run) throws Exception;
}
