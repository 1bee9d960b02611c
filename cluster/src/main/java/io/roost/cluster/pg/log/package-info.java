/**
 * The log of a placement group: its entries, the index of them that is kept in memory, and their rows in the store.
 *
 * <p>Arrows: {@code object}, {@code map}, {@code message}, {@code classes}, {@code store}.
 */
package io.roost.cluster.pg.log;
