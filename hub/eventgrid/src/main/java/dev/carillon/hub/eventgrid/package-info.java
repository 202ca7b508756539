/**
 * The hub's side of Azure Event Grid that is not reading events: who may publish to a topic ({@link
 * dev.carillon.hub.eventgrid.TopicAccess}), the certificate of its port, and delivery to webhooks.
 * It follows Event Grid's own documents for authentication, webhook validation, delivery and retry.
 */
@NullMarked
package dev.carillon.hub.eventgrid;

import org.jspecify.annotations.NullMarked;
