package dev.carillon.hub.eventgrid;

import com.ethlo.time.DateTime;
import com.ethlo.time.ITU;
import com.ethlo.time.ParseConfig;
import com.ethlo.time.TimezoneOffset;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shared access signature, {@code r=<resource>&e=<expiry>&s=<signature>}. What is signed is the
 * text before the signature as it was received, since encoders differ.
 *
 * @param signedText what was signed
 * @param path the path of the resource that it is for
 * @param expiry until when it is good
 * @param signature HMAC-SHA256 of the text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SasToken(String signedText, String path, Instant expiry, byte[] signature) {

  private static final Pattern FORM = Pattern.compile("(r=([^&]+)&e=([^&]+))&s=([^&]+)");

  /** How the SDKs for Java and .NET write the expiry, in UTC. */
  private static final DateTimeFormatter AMERICAN =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("M/d/yyyy h:m:s a")
          .toFormatter(Locale.ENGLISH);

  /**
   * Takes a token apart.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static SasToken parse(String token) {
    Matcher form = FORM.matcher(token);
    if (!form.matches()) {
      throw new IllegalArgumentException("it is not of the form r=...&e=...&s=...");
    }
    try {
      String path = URI.create(decode(form.group(2))).getPath();
      return new SasToken(
          form.group(1),
          path == null ? "" : path,
          expiry(decode(form.group(3)).strip()),
          Base64.getDecoder().decode(decode(form.group(4))));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("its expiry is not a time", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("its resource or signature cannot be decoded", e);
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static Instant expiry(String text) {
    if (text.indexOf('/') > 0) {
      // some versions of Java write a narrow no-break space before AM and PM
      return LocalDateTime.parse(text.replace('\u202f', ' '), AMERICAN).toInstant(ZoneOffset.UTC);
    }
    ParsePosition end = new ParsePosition(0);
    DateTime time = ITU.parseLenient(text, ParseConfig.DEFAULT, end);
    if (end.getIndex() < text.length()) { // ITU overlooks what follows Z
      throw new DateTimeException("something follows the time");
    }
    ZoneOffset offset = time.getOffset().map(TimezoneOffset::toZoneOffset).orElse(ZoneOffset.UTC);
    return time.toLocalDatetime().toInstant(offset);
  }
}
