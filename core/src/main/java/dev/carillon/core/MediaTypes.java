package dev.carillon.core;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What content types say. */
public final class MediaTypes {

  private MediaTypes() {}

  /** A content type in lower case without what follows a semicolon; empty if there is none. */
  public static String withoutParameters(@Nullable String contentType) {
    if (contentType == null) {
      return "";
    }
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether data is JSON, by the rule of CloudEvents 1.0 (JSON event format, section 3.1): if the
   * subtype is {@code json} or ends in {@code +json}, whatever the type, and also if nothing is
   * said.
   */
  public static boolean isJson(@Nullable String contentType) {
    String type = withoutParameters(contentType);
    return type.isEmpty() || type.endsWith("/json") || type.endsWith("+json");
  }
}
