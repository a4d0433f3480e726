  # tensors: average, value, flat and of one size. options: rate, slice. Moves the average towards
  # the value, in place: average + rate * (value - average).
  def average(self: __torch__.Kernels,
      tensors: List[Tensor],
      options: List[float]) -> int:
    rate, slice = options
    averages = torch.split(tensors[0], int(slice))
    values = torch.split(tensors[1], int(slice))
    for i in range(len(averages)):
      _0 = torch.lerp_(averages[i], values[i], rate)
    return len(averages)

  # tensors: two, flat and of one size. options: slice. Exchanges their contents.
  def swap(self: __torch__.Kernels,
      tensors: List[Tensor],
      options: List[float]) -> int:
    slice, = options
    lefts = torch.split(tensors[0], int(slice))
    rights = torch.split(tensors[1], int(slice))
    for i in range(len(lefts)):
      kept = torch.clone(lefts[i])
      _0 = torch.copy_(lefts[i], rights[i])
      _1 = torch.copy_(rights[i], kept)
    return len(lefts)
