/**
 * The local store of one disk: entries, bodies, log rows and meta rows, committed in groups, each atomically and durably.
 * {@link io.roost.cluster.store.ObjectStore} holds all of the store's own logic over two ports: {@link
 * io.roost.cluster.store.KeyValue} (an ordered key-value store) and {@link io.roost.cluster.store.BlockFiles} (data files).
 * Pure but for these ports: no threads, no clock.
 *
 * <p>Arrows: {@code object}, {@code classes} (cursor and miss signal), {@code crush} (name hash), {@code map} (placement
 * group ids).
 */
package io.roost.cluster.store;
