/** The lab: nodes as processes, the links between them, and the load and the faults that torture them. */
package io.roost.deploy.lab;
