/**
 * Runs the machines on Vert.x: threads, timers, disks, the admin API. Nothing but {@code deploy} points here.
 */
package io.roost.cluster.daemon;
