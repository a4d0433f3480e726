  # average: flat, updated in place towards value: average + rate * (value - average).
  def lerp(self: __torch__.Kernels,
      average: Tensor,
      value: Tensor,
      rate: float) -> Tensor:
    return torch.lerp_(average, value, rate)
