package org.djlrunner.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.djlrunner.Every;
import org.djlrunner.schedule.LrSchedule;
import org.djlrunner.schedule.MomentumSchedule;
import org.djlrunner.schedule.Plateau;
import org.djlrunner.schedule.Step;
import org.djlrunner.testkit.FakeLoader;
import org.djlrunner.testkit.FakeStep;
import org.djlrunner.testkit.FakeWeights;
import org.djlrunner.testkit.HookContract;
import org.djlrunner.testkit.RecordingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract of hooks, for each that is shipped. */
class ShippedHooksTest {
  @Test
  @DisplayName("H13 every hook of the core is held to the contract here")
  void all() {
    Set<String> shipped =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.djlrunner")
                .stream()
                .filter(type -> type.isAssignableTo(Hook.class) && !type.isInterface())
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    Set<String> held =
        Stream.of(ShippedHooksTest.class.getDeclaredClasses())
            .filter(HookContract.class::isAssignableFrom)
            .map(type -> type.getSimpleName().replaceFirst("_.*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(held).isEqualTo(shipped);
  }

  @Nested
  class LrUpdaterHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new LrUpdaterHook(new LrSchedule(Step.at(1), Every.Unit.EPOCH));
    }
  }

  @Nested
  class MomentumUpdaterHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new MomentumUpdaterHook(new MomentumSchedule(Step.at(1), Every.Unit.EPOCH));
    }
  }

  @Nested
  class ReduceLrOnPlateauHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new ReduceLrOnPlateauHook(Plateau.of("train/loss", Plateau.Mode.MIN));
    }
  }

  @Nested
  class OptimizerHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new OptimizerHook(new GradClip(5, 2));
    }
  }

  @Nested
  class OptimizerHook_OfWindows implements HookContract {
    @Override
    public Hook createHook() {
      return new OptimizerHook(
          UpdateSettings.PLAIN.cumulativeIters(4).scaling(LossScaling.DYNAMIC));
    }
  }

  @Nested
  class OptimizerHook_ThatRestores implements HookContract {
    @Override
    public Hook createHook() {
      return new OptimizerHook(
          UpdateSettings.PLAIN.nonFinite(NonFinite.of(NonFinite.Policy.RESTORE)));
    }
  }

  @Nested
  class EmaHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new EmaHook(FakeWeights.of(1), new EmaMomentum.Linear(0.1, 100), 1);
    }
  }

  @Nested
  class IterTimerHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new IterTimerHook();
    }
  }

  @Nested
  class EvalHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new EvalHook<>(new FakeStep(), FakeLoader.of(2), Every.epochs(1));
    }
  }

  @Nested
  class EvalHook_ByIterations implements HookContract {
    @Override
    public Hook createHook() {
      return new EvalHook<>(new FakeStep(), FakeLoader.of(2), Every.iters(2));
    }
  }

  @Nested
  class CheckpointHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new CheckpointHook(Every.epochs(2));
    }
  }

  @Nested
  class CheckpointHook_ByIterations implements HookContract {
    @Override
    public Hook createHook() {
      return new CheckpointHook(Every.iters(4));
    }
  }

  @Nested
  class CheckpointHook_InTheBackground implements HookContract {
    @Override
    public Hook createHook() {
      return new CheckpointHook(
          CheckpointSettings.at(Every.epochs(1))
              .maxKeep(1)
              .saveBest(SaveBest.of("loss"))
              .background(true));
    }
  }

  @Nested
  class LoggerHook_OfText implements HookContract {
    @Override
    public Hook createHook() {
      return LoggerHook.text(2, Every.Unit.EPOCH);
    }
  }

  @Nested
  class LoggerHook_OfJson implements HookContract {
    @Override
    public Hook createHook() {
      return LoggerHook.jsonLines(4, Every.Unit.ITER);
    }
  }

  @Nested
  class LoggerHook_OfCsv implements HookContract {
    @Override
    public Hook createHook() {
      return LoggerHook.csv(2, Every.Unit.EPOCH);
    }
  }

  @Nested
  class LoggerHook_OfTensorBoard implements HookContract {
    @Override
    public Hook createHook() {
      return LoggerHook.tensorBoard(2, Every.Unit.EPOCH);
    }
  }

  @Nested
  class LoggerHook_InMemory implements HookContract {
    @Override
    public Hook createHook() {
      return new RecordingSink().everyIteration();
    }
  }

  @Nested
  class EarlyStoppingHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new EarlyStoppingHook(EarlyStopping.on("loss").patience(3));
    }
  }

  @Nested
  class EarlyStoppingHook_OnTraining implements HookContract {
    @Override
    public Hook createHook() {
      return new EarlyStoppingHook(
          new EarlyStopping(
              "train/loss", EarlyStopping.Rule.LESS, 7, 0, OptionalDouble.empty(), true, 2));
    }
  }

  @Nested
  class EmptyCacheHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new EmptyCacheHook(true, true, true, Optional.of(() -> {}));
    }
  }

  @Nested
  class EmptyCacheHook_WithoutCache implements HookContract {
    @Override
    public Hook createHook() {
      return new EmptyCacheHook(false, true, false, Optional.empty());
    }
  }

  @Nested
  class DistSamplerSeedHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new DistSamplerSeedHook();
    }
  }

  @Nested
  class SyncBuffersHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return new SyncBuffersHook();
    }
  }

  @Nested
  class StageHook_ implements HookContract {
    @Override
    public Hook createHook() {
      return Hook.at(Stage.AFTER_TRAIN_EPOCH, context -> {});
    }
  }
}
