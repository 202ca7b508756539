package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.EventConnectionException;
import dev.carillon.core.EventException;
import dev.carillon.core.EventRejectedException;
import dev.carillon.core.EventValidationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class TallyTest {

  private final Tally tally =
      new Tally(new PlainProgress(new PrintWriter(new StringWriter()), InstantSource.system()));

  @Test
  void oneEventTellsThatNobodyIsThere() {
    assertThat(tally.isUnreachable()).isFalse();

    fail(new EventConnectionException("nobody", false, null), 1);

    assertThat(tally.isUnreachable()).isTrue();
  }

  @Test
  void whoHasAnsweredIsWaitedForLonger() {
    EventException gone = new EventConnectionException("gone", true, null);
    tally.acknowledged();
    fail(gone, 999);
    assertThat(tally.isUnreachable()).isFalse();
    tally.acknowledged();
    fail(gone, 999);
    assertThat(tally.isUnreachable()).isFalse();

    fail(gone, 1);

    assertThat(tally.isUnreachable()).isTrue();
  }

  @Test
  void whoRefusesIsThere() {
    fail(new EventRejectedException("no", false, null), 2_000);

    assertThat(tally.isUnreachable()).isFalse();
    assertThat(tally.hasFailures()).isTrue();
  }

  @Test
  void whoHasRefusedOnceIsWaitedForLonger() {
    fail(new EventRejectedException("no", false, null), 1);
    assertThat(tally.isAnswered()).isTrue();

    fail(new EventConnectionException("gone", true, null), 999);

    assertThat(tally.isUnreachable()).isFalse();
  }

  @Test
  void whatTheClientRefusesSaysNothingOfTheOtherSide() {
    fail(new EventValidationException("data", "is missing"), 1);

    assertThat(tally.isAnswered()).isFalse();
  }

  private void fail(EventException error, int times) {
    for (int i = 0; i < times; i++) {
      tally.failed("line 1", "event", error);
    }
  }
}
