package dev.carillon.hub.pipeline;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where ClickHouse is and who asks. Its text never shows the password.
 *
 * @param endpoint the HTTP interface, without user and path
 * @param user the user; {@code default} unless given
 * @param password the password; empty unless given
 * @param database the database; {@code default} unless given
 */
public record ClickHouseUrl(URI endpoint, String user, String password, String database) {

  private static final String DEFAULT = "default";

  /**
   * Reads {@code http[s]://[user[:password]@]host[:port][/database]}; the port is 8123, or 8443 for
   * https, unless given.
   *
   * @throws IllegalArgumentException if it is anything else, with a text that does not repeat it
   */
  public static ClickHouseUrl of(String url) {
    try {
      URI uri = new URI(url);
      boolean secure = "https".equals(uri.getScheme());
      if (uri.getHost() == null || !(secure || "http".equals(uri.getScheme()))) {
        throw new IllegalArgumentException(
            "the ClickHouse URL is not http[s]://[user[:password]@]host[:port][/database]");
      }
      int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 8443 : 8123;
      String[] who = (uri.getUserInfo() == null ? "" : uri.getUserInfo()).split(":", 2);
      String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("^/|/$", "");
      if (!path.matches("[\\w.-]*") || uri.getQuery() != null || uri.getFragment() != null) {
        throw new IllegalArgumentException(
            "the ClickHouse URL has more than a database behind its port;"
                + " special characters of a password are percent-encoded");
      }
      return new ClickHouseUrl(
          new URI(uri.getScheme(), null, uri.getHost(), port, null, null, null),
          who[0].isEmpty() ? DEFAULT : who[0],
          who.length > 1 ? who[1] : "",
          path.isEmpty() ? DEFAULT : path);
    } catch (URISyntaxException e) {
      // Not as cause: its text repeats the URL.
      throw new IllegalArgumentException("the ClickHouse URL is no URL: " + e.getReason());
    }
  }

  /** The URL without the password. */
  @Override
  public String toString() {
    String who = password.isEmpty() ? user : user + ":***";
    return endpoint.getScheme() + "://" + who + "@" + endpoint.getAuthority() + "/" + database;
  }
}
