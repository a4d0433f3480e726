package org.djlrunner.djl.experiment;

import java.util.List;
import org.djlrunner.config.ConfigReader;
import org.djlrunner.djl.optim.Adadelta;
import org.djlrunner.djl.optim.AdadeltaOptions;
import org.djlrunner.djl.optim.Adagrad;
import org.djlrunner.djl.optim.AdagradOptions;
import org.djlrunner.djl.optim.Adam;
import org.djlrunner.djl.optim.AdamOptions;
import org.djlrunner.djl.optim.Adamax;
import org.djlrunner.djl.optim.AdamaxOptions;
import org.djlrunner.djl.optim.RmsProp;
import org.djlrunner.djl.optim.RmsPropOptions;
import org.djlrunner.djl.optim.Sgd;
import org.djlrunner.djl.optim.SgdOptions;

/** Reads the options of each optimizer, under PyTorch's names and with its defaults. */
final class OptimizerFactories {
  private static final List<Double> BETAS = List.of(0.9, 0.999);

  private OptimizerFactories() {}

  static OptimizerSpec sgd(ConfigReader config) {
    SgdOptions options =
        new SgdOptions(
            config.number("lr"),
            config.number("momentum", 0),
            config.number("dampening", 0),
            config.number("weight_decay", 0),
            config.bool("nesterov", false));
    return GroupedOptimizer.read(
        config,
        "SGD",
        options.values(),
        (model, groups) -> new Sgd(model.arena(), options, groups, model.scalars()));
  }

  static OptimizerSpec adam(ConfigReader config, boolean decoupled) {
    List<Double> betas = betas(config);
    AdamOptions options =
        new AdamOptions(
            config.number("lr", 0.001),
            betas.get(0),
            betas.get(1),
            config.number("eps", 1e-8),
            config.number("weight_decay", decoupled ? 0.01 : 0),
            decoupled,
            config.bool("amsgrad", false));
    return GroupedOptimizer.read(
        config,
        decoupled ? "AdamW" : "Adam",
        options.values(),
        (model, groups) -> new Adam(model.arena(), options, groups, model.scalars()));
  }

  static OptimizerSpec rmsProp(ConfigReader config) {
    RmsPropOptions options =
        new RmsPropOptions(
            config.number("lr", 0.01),
            config.number("alpha", 0.99),
            config.number("eps", 1e-8),
            config.number("weight_decay", 0),
            config.number("momentum", 0),
            config.bool("centered", false));
    return GroupedOptimizer.read(
        config,
        "RMSprop",
        options.values(),
        (model, groups) -> new RmsProp(model.arena(), options, groups, model.scalars()));
  }

  static OptimizerSpec adagrad(ConfigReader config) {
    AdagradOptions options =
        new AdagradOptions(
            config.number("lr", 0.01),
            config.number("lr_decay", 0),
            config.number("eps", 1e-10),
            config.number("weight_decay", 0));
    return GroupedOptimizer.read(
        config,
        "Adagrad",
        options.values(),
        (model, groups) -> new Adagrad(model.arena(), options, groups, model.scalars()));
  }

  static OptimizerSpec adadelta(ConfigReader config) {
    AdadeltaOptions options =
        new AdadeltaOptions(
            config.number("lr", 1),
            config.number("rho", 0.9),
            config.number("eps", 1e-6),
            config.number("weight_decay", 0),
            false);
    return GroupedOptimizer.read(
        config,
        "Adadelta",
        options.values(),
        (model, groups) -> new Adadelta(model.arena(), options, groups, model.scalars()));
  }

  static OptimizerSpec adamax(ConfigReader config) {
    List<Double> betas = betas(config);
    AdamaxOptions options =
        new AdamaxOptions(
            config.number("lr", 0.002),
            betas.get(0),
            betas.get(1),
            config.number("eps", 1e-8),
            config.number("weight_decay", 0),
            false);
    return GroupedOptimizer.read(
        config,
        "Adamax",
        options.values(),
        (model, groups) -> new Adamax(model.arena(), options, groups, model.scalars()));
  }

  private static List<Double> betas(ConfigReader config) {
    List<Double> betas = config.numbers("betas", BETAS);
    config.require(betas.size() == 2, "betas", "expected two numbers, got " + betas);
    return betas.size() == 2 ? betas : BETAS;
  }
}
