/**
 * Events as bytes, attributes and data together: the event formats of CloudEvents 1.0, told apart
 * by content type. Begin with {@link dev.carillon.formats.EventFormats}.
 */
@NullMarked
package dev.carillon.formats;

import org.jspecify.annotations.NullMarked;
