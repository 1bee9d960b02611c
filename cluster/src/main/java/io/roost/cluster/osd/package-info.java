/**
 * The OSD: routes what clients ask to placement groups and carries their effects out; watches and notifications.
 * Pure.
 *
 * <p>Arrows: {@code object}, {@code map}, {@code message}, {@code classes}, {@code store}, {@code pg}.
 */
package io.roost.cluster.osd;
