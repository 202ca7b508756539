/**
 * What the clients of HTTP services have in common: where a service is ({@link
 * dev.carillon.http.BaseUrl}), headers whose values are not printed ({@link
 * dev.carillon.http.RequestHeaders}), answers of bounded size ({@link
 * dev.carillon.http.HttpAnswers}), and how long a server asks to be left alone ({@link
 * dev.carillon.http.RetryAfter}).
 */
@NullMarked
package dev.carillon.http;

import org.jspecify.annotations.NullMarked;
