package org.djlrunner.djl.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.List;
import org.djlrunner.djl.doctor.Diagnosis;
import org.djlrunner.djl.doctor.Finding;
import org.djlrunner.djl.doctor.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("X06 the device that training runs on")
class DeviceChoiceTest {

  private static DeviceChoice among(String wish, String... devices) {
    @Nullable String noGpu = devices.length == 1 ? "no driver" : null;
    return DeviceChoice.among(
        wish, new Diagnosis(List.of(), List.of(devices), "the explanation", noGpu));
  }

  @Test
  void isTheFirstGpuThatFitsUnlessOneIsNamed() {
    assertThat(among("auto", "gpu:1", "gpu:2", "cpu"))
        .isEqualTo(new DeviceChoice(Device.gpu(1), "gpu:1 (auto)"));
    assertThat(among("gpu", "gpu:1", "gpu:2", "cpu"))
        .isEqualTo(new DeviceChoice(Device.gpu(1), "gpu:1"));
    assertThat(among("gpu:2", "gpu:1", "gpu:2", "cpu").device()).isEqualTo(Device.gpu(2));
    assertThat(among("cpu", "gpu:1", "cpu").device()).isEqualTo(Device.cpu());
  }

  @Test
  void isTheCpuWhereNoGpuFits() {
    assertThat(among("auto", "cpu").reason()).startsWith("cpu (auto: no driver; ");
    assertThatThrownBy(() -> among("gpu", "cpu")).hasMessage("no GPU can be used: the explanation");
  }

  @Test
  void isRefusedWhereItIsNotAmongThem() {
    assertThatThrownBy(() -> among("gpu:0", "gpu:1", "cpu"))
        .hasMessage("there is no gpu:0 to train on; there are gpu:1, cpu");
  }

  @Test
  void isNoneWhereTheMachineHasErrorsAndTheyAreNamed() {
    Diagnosis full =
        new Diagnosis(
            List.of(new Finding(Level.ERROR, "Cache", "1 MiB free", "make room")),
            List.of(),
            "the explanation",
            "no driver");
    for (String wish : List.of("auto", "cpu", "gpu")) {
      assertThatThrownBy(() -> DeviceChoice.among(wish, full))
          .hasMessageStartingWith("nothing to train on: 1 MiB free -> make room.");
    }
  }
}
