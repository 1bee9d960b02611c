package io.roost.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void saysWhatIsWrongWithoutJava() {
        assertThat(Reason.of(new AccessDeniedException("/data/lock"))).isEqualTo("no permission for /data/lock");
        assertThat(Reason.of(new FileSystemException("/data/lock", null, "Read-only file system")))
                .isEqualTo("/data/lock: Read-only file system");
        assertThat(Reason.of(new UnknownHostException("nowhere: Name or service not known")))
                .isEqualTo("no host has that name");
        assertThat(Reason.of(new BindException("bind(..) failed with error(-98): Address already in use")))
                .isEqualTo("Address already in use");
        assertThat(Reason.of(new IOException())).isEqualTo("IOException");
    }
}
