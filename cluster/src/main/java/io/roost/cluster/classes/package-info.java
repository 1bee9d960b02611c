/**
 * Object classes: code run by the primary of a placement group over one locator, as Ceph's cls; what reads only what is
 * written once is run by replicas too. Pure: a method sees a view and its input and answers mutations and a reply; it has no
 * clock, no I/O and no random source.
 *
 * <p>Arrows: {@code object}.
 */
package io.roost.cluster.classes;
