package dev.carillon.hub.eventgrid;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of a webhook and refuses those that are not on the public internet (RFC 6890):
 * this machine, private, shared, link-local (where clouds keep their metadata), and what embeds an
 * IPv4 address. One such address among several refuses the host.
 */
final class TargetAddress {

  private TargetAddress() {}

  /** The address that a host is, without asking anybody; null if it is a name. */
  static @Nullable InetAddress literal(String host) {
    return NetUtil.createInetAddressFromIpAddressString(host);
  }

  /**
   * Resolves a host; blocks.
   *
   * @throws ForbiddenTargetException if the host may not be called
   */
  static InetAddress resolve(String host, boolean privateTargets)
      throws UnknownHostException, ForbiddenTargetException {
    return checked(privateTargets, InetAddress.getAllByName(host));
  }

  /**
   * The first of a host's addresses.
   *
   * @throws ForbiddenTargetException if one of them may not be called
   */
  static InetAddress checked(boolean privateTargets, InetAddress... all)
      throws ForbiddenTargetException {
    for (InetAddress address : all) {
      if (!privateTargets && !isPublic(address)) {
        throw new ForbiddenTargetException();
      }
    }
    return all[0];
  }

  /** The host is, or might be, inside somebody's network. */
  static final class ForbiddenTargetException extends Exception {
    private static final long serialVersionUID = 1L;

    ForbiddenTargetException() {
      super(
          "the webhook's address is private, link-local or this machine's"
              + " (the hub's flag --eventgrid-private-targets allows it)");
    }
  }

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    if (address instanceof Inet4Address) {
      int third = bytes[2] & 0xff;
      return first != 0
          && !(first == 100 && second >= 64 && second < 128)
          && !(first == 192 && second == 0 && (third == 0 || third == 2))
          && !(first == 198 && (second == 18 || second == 19))
          && !(first == 198 && second == 51 && third == 100)
          && !(first == 203 && second == 0 && third == 113)
          && first < 240;
    }
    boolean global = (first & 0xe0) == 0x20; // 2000::/3 is all that is global so far
    boolean embedding =
        first == 0x20 && (second == 0x02 || (second == 0x01 && bytes[2] == 0 && bytes[3] == 0));
    return global && !embedding;
  }
}
