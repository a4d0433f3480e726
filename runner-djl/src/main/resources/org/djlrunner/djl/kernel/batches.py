  # arrays: pixels [S, H, W, C] uint8, labels [S] int64, indices [N] int64. The samples of the indices,
  # [N, H, W, C] and [N].
  def gather_samples(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    pixels, labels, indices, = arrays
    return [torch.index_select(pixels, 0, indices), torch.index_select(labels, 0, indices)]

  # arrays: pixels [P, C] uint8, those of S images [H, W] and then what transforms fill with; labels [S]
  # int64; indices [N] int64; places [N, rows + columns] int32, what PixelMap says of each row and
  # column; sizes [3] int64 on the CPU: H, W, rows. The samples of the indices with each pixel from its
  # place, [N, rows, columns, C], and their labels [N].
  def place_samples(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    pixels, labels, indices, places, sizes, = arrays
    width = int(torch.select(sizes, 0, 1))
    area = torch.mul(int(torch.select(sizes, 0, 0)), width)
    height = int(torch.select(sizes, 0, 2))
    rows = torch.unsqueeze(torch.slice(places, 1, 0, height), 2)
    columns = torch.unsqueeze(torch.slice(places, 1, height), 1)
    # The exponent is 1 above the highest bit: the last rectangle that a pixel lies in.
    rectangles = torch.bitwise_and(torch.bitwise_and(rows, columns), 255)
    _0, last = torch.frexp(torch.to(rectangles, 6))
    row = torch.bitwise_right_shift(rows, 8)
    column = torch.bitwise_right_shift(columns, 8)
    filled = torch.where(torch.gt(last, 0), torch.neg(last), torch.minimum(row, column))
    first = torch.reshape(torch.mul(indices, area), [-1, 1, 1])
    seen = torch.add(torch.add(first, torch.mul(row, width)), column)
    images = torch.mul(torch.size(labels, 0), area)
    filling = torch.rsub(torch.to(filled, 4), torch.sub(images, 1))
    source = torch.where(torch.lt(filled, 0), filling, seen)
    chosen = torch.index_select(pixels, 0, torch.reshape(source, [-1]))
    shape = [torch.size(indices, 0), height, torch.size(columns, 2), torch.size(pixels, 1)]
    return [torch.reshape(chosen, shape), torch.index_select(labels, 0, indices)]

  # arrays: pixels [N, H, W, C] uint8, mean [C] float32, std [C] float32. The images as networks take
  # them, [N, C, H, W] float32, stored channels-last.
  def normalized(self: __torch__.Kernels,
      arrays: List[Tensor]) -> List[Tensor]:
    pixels, mean, std, = arrays
    scaled = torch.div_(torch.sub_(torch.to(pixels, 6), mean), std)
    return [torch.permute(scaled, [0, 3, 1, 2])]
