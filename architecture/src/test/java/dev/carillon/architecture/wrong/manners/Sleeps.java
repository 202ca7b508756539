package dev.carillon.architecture.wrong.manners;

import java.util.concurrent.TimeUnit;

class Sleeps {
  static void inThread() throws InterruptedException {
    Thread.sleep(1);
  }

  static void inTimeUnit() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(1);
  }
}
