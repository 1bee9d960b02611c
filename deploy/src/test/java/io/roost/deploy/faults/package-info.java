/** What Roost keeps when its process is killed, its disk is full or its disk fails. */
package io.roost.deploy.faults;
