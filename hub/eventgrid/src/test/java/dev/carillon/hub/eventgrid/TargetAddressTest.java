package dev.carillon.hub.eventgrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::"
      })
  void isNotPublic(String address) throws Exception {
    assertThat(TargetAddress.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "100.63.0.1", "172.15.0.1", "2606:4700::1111"})
  void isPublic(String address) throws Exception {
    assertThat(TargetAddress.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void isRefusedUnlessAllowed() throws Exception {
    assertThatThrownBy(() -> TargetAddress.resolve("localhost", false))
        .isInstanceOf(TargetAddress.ForbiddenTargetException.class);
    assertThat(TargetAddress.resolve("localhost", true).isLoopbackAddress()).isTrue();
    for (String literal : List.of("[::1]", "127.0.0.1", "[::ffff:10.0.0.1]")) {
      InetAddress address = Objects.requireNonNull(TargetAddress.literal(literal));
      assertThatThrownBy(() -> TargetAddress.checked(false, address))
          .isInstanceOf(TargetAddress.ForbiddenTargetException.class);
      assertThat(TargetAddress.checked(true, address)).isEqualTo(address);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "1.2.3", "1.2.3.4.5", "999.1.1.1", "1.2.3.4.example"})
  void isLookedUpWhereItIsAName(String host) {
    assertThat(TargetAddress.literal(host)).isNull();
  }
}
