/** Answers of real servers, and what is read in them. */
@NullMarked
package dev.carillon.http;

import org.jspecify.annotations.NullMarked;
