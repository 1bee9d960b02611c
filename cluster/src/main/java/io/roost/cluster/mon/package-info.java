/**
 * The monitors: they agree on the maps. One log of key/value transactions is agreed on; each service keeps its state
 * under a key prefix of its own and changes it by such transactions only (Weil et al., "RADOS", 2007, section 4). Pure
 * but for {@code KeyValueMonStore}, which keeps the keys in the local store.
 *
 * <p>Arrows: {@code machine}, {@code map}, {@code message}, {@code wire}, {@code crush}, {@code object}, {@code store}.
 */
package io.roost.cluster.mon;
